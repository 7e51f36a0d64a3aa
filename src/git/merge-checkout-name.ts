/** What the checkouts of merges in `<common>/flightrules` are called, by the process that made them. */
export const mergeCheckoutName = /^merge-(\d+)-\w{6}$/

/** What `mkdtemp` makes such a name of. */
export const mergeCheckoutPrefix = `merge-${process.pid}-`
