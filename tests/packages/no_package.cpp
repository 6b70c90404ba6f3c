// A library without LIMP_PACKAGE.
int nothing() {
    return 0;
}
