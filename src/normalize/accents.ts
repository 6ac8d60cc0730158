const BARRED = { đ: 'd', ð: 'd', ɖ: 'd', Đ: 'D', Ð: 'D', Ɖ: 'D' } as const

/** Vietnamese as people write it where accents cost: "Đường hỏng" → "Duong hong". Case, punctuation and everything else stay. Doing it twice changes nothing. */
export function withoutAccents(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(/[đðɖĐÐƉ]/g, (letter) => BARRED[letter as keyof typeof BARRED])
    .normalize('NFC')
}
