/** 3GPP TS 23.038 §6.2.1: the alphabet that every phone has, without the escape at 0x1B. */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
/** §6.2.1.1: behind an escape, so two septets each. */
const EXTENSION = new Set('\f^{}\\[~]|€')

/** What one message holds alone, and one of several: there a header takes 7 septets or 3 characters (TS 23.040 §9.2.3.24.1). */
const GSM7 = { alone: 160, of: 153 }
const UCS2 = { alone: 70, of: 67 }

/** How long a text is on the air: in septets where the phones' alphabet has all of it, else in UTF-16 units. */
export interface Length {
  readonly alphabet: 'GSM-7' | 'UCS-2'
  readonly units: number
  /** The messages that it is sent, and priced, as. */
  readonly segments: number
}

/** One letter that GSM-7 does not have makes the whole text UCS-2, and less than half as much fits. */
export function measure(text: string): Length {
  const letters = [...text]
  const gsm = letters.every((letter) => BASIC.has(letter) || EXTENSION.has(letter))
  const sizes = letters.map((letter) => (gsm ? (EXTENSION.has(letter) ? 2 : 1) : letter.length))
  const units = sizes.reduce((sum, size) => sum + size, 0)
  const { alone, of } = gsm ? GSM7 : UCS2
  return {
    alphabet: gsm ? 'GSM-7' : 'UCS-2',
    units,
    segments: text === '' ? 0 : units <= alone ? 1 : packed(sizes, of),
  }
}

/** An escape and its letter, or the halves of an emoji, go together: what has no room for both leaves a unit empty. */
function packed(sizes: readonly number[], most: number): number {
  let segments = 1
  let used = 0
  for (const size of sizes) {
    if (used + size > most) {
      segments += 1
      used = 0
    }
    used += size
  }
  return segments
}
