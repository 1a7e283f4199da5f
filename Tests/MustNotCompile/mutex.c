// error: must not call non-'nonblocking' function 'pthread_mutex_lock'
#include <ccoexist/sigsafe.h>
#include <pthread.h>

int enter(pthread_mutex_t *mutex, int *word) COEXIST_SIGSAFE {
#ifdef TWIN
  return mutex != 0 && __atomic_exchange_n(word, 1, __ATOMIC_ACQUIRE);
#else
  return word != 0 && pthread_mutex_lock(mutex);
#endif
}
