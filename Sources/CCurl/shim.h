#pragma once
// Names that newer versions call deprecated serve older ones, and the checks of arguments' types are macros, of no use here.
#define CURL_DISABLE_DEPRECATION
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

// libcurl without linking it: a program that makes no call of the KMS needs neither it nor the thirty libraries behind it. And
// Swift can neither call functions with a variable number of arguments nor name pointers to them.

/// libcurl's functions, found when it was loaded.
struct claviger_curl {
    CURLcode (*global_init)(long);
    CURL *(*create)(void);
    void (*destroy)(CURL *);
    void (*reset)(CURL *);
    CURLcode (*setopt)(CURL *, CURLoption, ...);
    CURLcode (*perform)(CURL *);
    CURLcode (*getinfo)(CURL *, CURLINFO, ...);
    const char *(*describe)(CURLcode);
    curl_version_info_data *(*version)(CURLversion);
    struct curl_slist *(*append)(struct curl_slist *, const char *);
    void (*free_list)(struct curl_slist *);
};

/// Loads libcurl for good and initialises it. Called once in a process, since the initialisation was not thread safe before 7.84.
/// Returns 0, or -1 if there is no libcurl that works.
static inline int claviger_curl_load(struct claviger_curl *curl) {
    void *library = dlopen("libcurl.so.4", RTLD_LAZY | RTLD_LOCAL);
    if (!library) library = dlopen("libcurl-gnutls.so.4", RTLD_LAZY | RTLD_LOCAL);
    if (!library) return -1;
    // POSIX lets the address of a function be kept in a pointer to data (dlsym).
    const struct {
        const char *name;
        void **target;
    } functions[] = {
        {"curl_global_init", (void **)&curl->global_init},   {"curl_easy_init", (void **)&curl->create},
        {"curl_easy_cleanup", (void **)&curl->destroy},      {"curl_easy_reset", (void **)&curl->reset},
        {"curl_easy_setopt", (void **)&curl->setopt},        {"curl_easy_perform", (void **)&curl->perform},
        {"curl_easy_getinfo", (void **)&curl->getinfo},      {"curl_easy_strerror", (void **)&curl->describe},
        {"curl_version_info", (void **)&curl->version},      {"curl_slist_append", (void **)&curl->append},
        {"curl_slist_free_all", (void **)&curl->free_list},
    };
    for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++)
        if (!(*functions[i].target = dlsym(library, functions[i].name))) return -1;
    return curl->global_init(CURL_GLOBAL_ALL) == CURLE_OK ? 0 : -1;
}

static inline CURL *claviger_curl_create(const struct claviger_curl *curl) { return curl->create(); }

static inline void claviger_curl_destroy(const struct claviger_curl *curl, CURL *handle) { curl->destroy(handle); }

/// Forgets the options of a handle and what they point to; its connections stay open.
static inline void claviger_curl_reset(const struct claviger_curl *curl, CURL *handle) { curl->reset(handle); }

static inline CURLcode claviger_curl_set_long(
    const struct claviger_curl *curl, CURL *handle, CURLoption option, long value) {
    return curl->setopt(handle, option, value);
}

static inline CURLcode claviger_curl_set_pointer(
    const struct claviger_curl *curl, CURL *handle, CURLoption option, const void *value) {
    return curl->setopt(handle, option, value);
}

/// Sets who takes the answer's bytes: it is given `target`, and returns how many of the bytes it took.
static inline CURLcode claviger_curl_set_writer(
    const struct claviger_curl *curl, CURL *handle, size_t (*writer)(char *bytes, size_t one, size_t count, void *target),
    void *target) {
    CURLcode code = curl->setopt(handle, CURLOPT_WRITEFUNCTION, writer);
    return code == CURLE_OK ? curl->setopt(handle, CURLOPT_WRITEDATA, target) : code;
}

static inline size_t claviger_curl_read_header_line(char *line, size_t one, size_t count, void *is_whole) {
    size_t size = one * count;
    // The header of an interim answer (RFC 9110 section 15.2) is followed by another, the one of the answer by trailers at most.
    if (size >= 5 && memcmp(line, "HTTP/", 5) == 0) *(bool *)is_whole = false;
    if ((size == 1 && line[0] == '\n') || (size == 2 && line[0] == '\r' && line[1] == '\n')) *(bool *)is_whole = true;
    return size;
}

/// Lets `is_whole`, which is false and must stay until the call is made, tell whether all of the answer's header came.
static inline CURLcode claviger_curl_watch_header(const struct claviger_curl *curl, CURL *handle, bool *is_whole) {
    // A proxy's answer is not the one that is meant.
    CURLcode code = curl->setopt(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (code == CURLE_OK) code = curl->setopt(handle, CURLOPT_HEADERFUNCTION, claviger_curl_read_header_line);
    return code == CURLE_OK ? curl->setopt(handle, CURLOPT_HEADERDATA, is_whole) : code;
}

/// What a request has for a body, and how much of it was taken.
struct claviger_curl_body {
    const void *bytes;
    size_t size, taken;
};

static inline size_t claviger_curl_read_body(char *target, size_t one, size_t room, void *body_) {
    struct claviger_curl_body *body = body_;
    size_t left = body->size - body->taken, count = left < one * room ? left : one * room;
    memcpy(target, (const char *)body->bytes + body->taken, count);
    body->taken += count;
    return count;
}

static inline int claviger_curl_rewind_body(void *body, curl_off_t offset, int origin) {
    (void)body, (void)offset, (void)origin;
    return CURL_SEEKFUNC_FAIL;
}

/// Posts `body`, which must stay until the call is made, once: a request that went over a connection that was kept, and broke
/// before the answer, libcurl would send again by itself. That needs the body from its beginning, which is refused here.
static inline CURLcode claviger_curl_set_body(
    const struct claviger_curl *curl, CURL *handle, struct claviger_curl_body *body) {
    CURLcode code = curl->setopt(handle, CURLOPT_POST, 1L);
    if (code == CURLE_OK) code = curl->setopt(handle, CURLOPT_POSTFIELDSIZE, (long)body->size);
    if (code == CURLE_OK) code = curl->setopt(handle, CURLOPT_READFUNCTION, claviger_curl_read_body);
    if (code == CURLE_OK) code = curl->setopt(handle, CURLOPT_READDATA, body);
    if (code == CURLE_OK) code = curl->setopt(handle, CURLOPT_SEEKFUNCTION, claviger_curl_rewind_body);
    return code;
}

static inline curl_socket_t claviger_curl_open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    (void)context, (void)purpose;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/// Keeps the sockets of a handle from programs that the process executes.
static inline CURLcode claviger_curl_close_on_execute(const struct claviger_curl *curl, CURL *handle) {
    return curl->setopt(handle, CURLOPT_OPENSOCKETFUNCTION, claviger_curl_open_socket);
}

/// Makes the call that a handle is set up for.
///
/// The handle has CURLOPT_NOSIGNAL, without which libcurl would change the process's signal handlers for the time of the call. It
/// then leaves SIGPIPE to its caller: TLS libraries that write to the socket themselves raise it when the other side has gone. It is
/// blocked in this thread alone, and one that came is taken away again. Nor must a cancellation end the thread within the call: others
/// wait for its result.
static inline CURLcode claviger_curl_perform(const struct claviger_curl *curl, CURL *handle) {
    int cancellation;
    sigset_t broken_pipe, pending, before;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    sigemptyset(&pending);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancellation);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, &before);
    CURLcode code = curl->perform(handle);
    if (!sigismember(&pending, SIGPIPE)) {
        const struct timespec at_once = {0, 0};
        while (sigtimedwait(&broken_pipe, NULL, &at_once) == -1 && errno == EINTR) {
        }
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_setcancelstate(cancellation, &cancellation);
    return code;
}

/// The status of the answer to the last call, or 0.
static inline long claviger_curl_status(const struct claviger_curl *curl, CURL *handle) {
    long status = 0;
    return curl->getinfo(handle, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK ? status : 0;
}

static inline const char *claviger_curl_describe(const struct claviger_curl *curl, CURLcode code) {
    return curl->describe(code);
}

/// The file of certificate authorities that libcurl was built with, or NULL if it has none or does not tell (before 7.70).
static inline const char *claviger_curl_authorities(const struct claviger_curl *curl) {
    const curl_version_info_data *version = curl->version(CURLVERSION_NOW);
    return version && version->age >= CURLVERSION_SEVENTH ? version->cainfo : NULL;
}

/// The list with a copy of `line` behind it, or NULL if there is no memory; the list is then as it was.
static inline struct curl_slist *claviger_curl_append(
    const struct claviger_curl *curl, struct curl_slist *list, const char *line) {
    return curl->append(list, line);
}

static inline void claviger_curl_free_list(const struct claviger_curl *curl, struct curl_slist *list) {
    curl->free_list(list);
}
