/** A script of this package that runs by itself, in a page or in a worker. It exports nothing. */
export {};
