/** edXML has no zones: every time in it is Vietnam's, which is UTC+7 the whole year. */
const VIETNAM_MS = 7 * 3_600_000
const DAY_MS = 24 * 3_600_000

const MOMENT = /^(\d{4})[/-](\d\d)[/-](\d\d)[ T](\d\d):(\d\d)(?::(\d\d))?/

/** `yyyy-MM-dd`, the day in Vietnam. */
export function dayOf(moment: Date): string {
  return local(moment).slice(0, 10)
}

/** `yyyy/MM/dd HH:mm:ss`. */
export function stampOf(moment: Date): string {
  return local(moment).slice(0, 19).replaceAll('-', '/').replace('T', ' ')
}

/** `dd/MM/yyyy HH:mm`, as people write it. */
export function spokenOf(moment: Date): string {
  const [year, month, day, hour, minute] = local(moment).split(/\D/)
  return `${day}/${month}/${year} ${hour}:${minute}`
}

/** `2026-11-20` → `2026/11/20`. */
export function slashed(day: string): string {
  return day.replaceAll('-', '/')
}

export function daysLater(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** A `Timestamp` or `createdTime`; nothing where it names no hour that there is. */
export function momentOf(text: string): Date | undefined {
  const [, year, month, day, hour, minute, second = '00'] = MOMENT.exec(text) ?? []
  const written = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  const moment = new Date(`${written}+07:00`)
  // The engine reads 31 February as 3 March.
  return !Number.isNaN(moment.getTime()) && local(moment).slice(0, 19) === written ? moment : undefined
}

function local(moment: Date): string {
  return new Date(moment.getTime() + VIETNAM_MS).toISOString()
}
