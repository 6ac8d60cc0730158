/** What one submission may bring; above it is refused aloud, never truncated. */
export const MAX_FILE_BYTES = 25 * 1024 * 1024
export const MAX_ENVELOPE_BYTES = 100 * 1024 * 1024
export const MAX_FILES = 20
/** A video that is sent in pieces ahead of its report; beside the 100 MB of that. */
export const MAX_LARGE_BYTES = 500 * 1024 * 1024
/** What all that is on its way may hold together. */
export const MAX_WAITING_BYTES = 20 * 1024 * 1024 * 1024
/** Of the fields alone: the longest form with every letter escaped is under 200 kB. */
export const MAX_FORM_BYTES = 256 * 1024
