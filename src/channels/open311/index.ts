import type { Channel } from '../channel.ts'
import { fetchMedia, MOST_FILE_BYTES } from './fetch.ts'
import { form, readOpen311 } from './form.ts'
import { Open311Settings } from './settings.ts'

/** A program that speaks Open311 GeoReport v2 with us, such as FixMyStreet. The way back is that it asks, so there is no `send`. */
export const open311: Channel<Open311Settings> = {
  kind: 'open311',
  settings: Open311Settings,
  secrets: ['apiKey'],
  intakes: [form],
  read: readOpen311,
  maxAnswerBytes: MOST_FILE_BYTES,
  fetchFile: fetchMedia,
}
