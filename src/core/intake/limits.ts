/** What one submission may bring; above it is refused aloud, never truncated. */
export const MAX_FILE_BYTES = 25 * 1024 * 1024
export const MAX_ENVELOPE_BYTES = 100 * 1024 * 1024
export const MAX_FILES = 20
/** Of the fields alone: the longest form with every letter escaped is under 200 kB. */
export const MAX_FORM_BYTES = 256 * 1024
