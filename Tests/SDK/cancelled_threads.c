/* Threads that are cancelled while they wait for the KMS: their calls go to the end all the same, and the next call waits for nobody who is
 * gone. */
#include "kms_enc_sdk.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

enum { THREADS = 4, PATIENCE_SECONDS = 120, WAITING_MICROSECONDS = 300000 };

static int listener;
static sem_t asked, leave;
static atomic_int over;
static struct KeyManager manager;
static char masterKeys[KMS_ENC_SDK_MIN_MASTERKEYS];

static void check(int is_true, const char *what)
{
    if (is_true)
        return;
    fprintf(stderr, "cancelled_threads: %s\n", what);
    exit(1);
}

/* A KMS that takes the first request, and hangs up when it is told to; on all others at once. */
static void *serve(void *unused)
{
    char request[4096];
    for (int number = 0;; number++) {
        int connection = accept(listener, NULL, NULL);
        check(connection >= 0 && read(connection, request, sizeof(request)) > 0, "no request comes");
        if (number == 0) {
            sem_post(&asked);
            sem_wait(&leave);
        }
        close(connection);
    }
    return unused;
}

static int encrypt(void)
{
    unsigned char text[] = "text", cipher[sizeof(text) + 16 + 16384];
    struct MsgHead head;
    size_t length;
    return Encrypt(text, sizeof(text), &manager, masterKeys, SM4_GCM_128, NULL, 0, &head, cipher, &length);
}

static void *call(void *unused)
{
    if (encrypt() == ES_GENERATE_DATAKEY_ERR)
        over++;
    pthread_testcancel();
    return unused;
}

int main(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    char domain[64];
    pthread_t server, threads[THREADS];
    alarm(PATIENCE_SECONDS);
    sem_init(&asked, 0, 0);
    sem_init(&leave, 0, 0);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    check(bind(listener, (struct sockaddr *)&address, size) == 0 && listen(listener, 10) == 0, "no port");
    getsockname(listener, (struct sockaddr *)&address, &size);
    snprintf(domain, sizeof(domain), "http://127.0.0.1:%d", ntohs(address.sin_port));
    setenv("TENCENT_SDK_DOMAIN", domain, 1);
    pthread_create(&server, NULL, serve, NULL);
    check(NewMasterKey(masterKeys, "ap-guangzhou", "key") == ES_OK, "NewMasterKey");
    check(InitKeyManager(&manager, masterKeys, 0, 0, 0, "id", "key") == ES_OK, "InitKeyManager");

    pthread_create(&threads[0], NULL, call, NULL);
    sem_wait(&asked);
    /* These wait for what the first one gets. */
    for (int i = 1; i < THREADS; i++)
        pthread_create(&threads[i], NULL, call, NULL);
    usleep(WAITING_MICROSECONDS);
    for (int i = 0; i < THREADS; i++)
        pthread_cancel(threads[i]);
    sem_post(&leave);
    for (int i = 0; i < THREADS; i++) {
        void *result;
        pthread_join(threads[i], &result);
        check(result == PTHREAD_CANCELED, "a thread is not cancelled behind its call");
    }
    check(over == THREADS, "a call did not go to its end");
    check(encrypt() == ES_GENERATE_DATAKEY_ERR, "the next call");
    return 0;
}
