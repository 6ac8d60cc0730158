const WRITTEN =
  /^\s*(?:(?<y>\d{4})-(?<m>\d\d?)-(?<d>\d\d?)|(?<d2>\d\d?)[/.-](?<m2>\d\d?)[/.-](?<y2>\d{4}))(?:[T\s,]+(?<h>\d\d?)[:h](?<min>\d\d)(?::(?<s>\d\d)(?:[.,]\d{1,9})?)?)?\s*(?<zone>Z|[+-]\d\d:?\d\d)?\s*$/i
/** Vietnam has one zone, and switchboards there write its time without saying so. */
const HERE = '+07:00'

/** A time as call centres write it: ISO 8601, `29/11/2026 10:15`, seconds or milliseconds of the epoch. Undefined where it is none. */
export function timeOf(written: string | undefined): Date | undefined {
  if (written === undefined) return undefined
  if (/^\d{10}(?:\d{3})?(?:\.\d{1,9})?$/.test(written))
    return new Date(Number(written) * (/^\d{13}/.test(written) ? 1 : 1000))
  const parts = WRITTEN.exec(written)?.groups
  if (parts === undefined) return undefined
  const two = (text = '0') => text.padStart(2, '0')
  const day = `${parts['y'] ?? parts['y2']}-${two(parts['m'] ?? parts['m2'])}-${two(parts['d'] ?? parts['d2'])}`
  const zone = (parts['zone'] ?? HERE).toUpperCase().replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')
  const time = new Date(`${day}T${two(parts['h'])}:${two(parts['min'])}:${two(parts['s'])}${zone}`)
  return Number.isNaN(time.getTime()) ? undefined : time
}

/** In Vietnam, for a sentence. */
export function inWords(time: Date): { readonly time: string; readonly day: string } {
  const [date = '', clock = ''] = new Date(time.getTime() + 7 * 3600_000).toISOString().split('T')
  return { time: clock.slice(0, 5), day: date.split('-').reverse().join('/') }
}
