#ifdef __linux__
#include <stdlib.h>

// swift::threading::fatal(char const *, ...), which libswiftObservation.so of Swift 6.0 calls and no library has.
void _ZN5swift9threading5fatalEPKcz(const char *message, ...) { (void)message; abort(); }
#else
typedef int shims_are_for_linux;
#endif
