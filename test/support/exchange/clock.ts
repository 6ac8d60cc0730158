/** Vietnam has one zone and no summer time. */
const VIETNAM_MS = 7 * 3_600_000

/** `yyyy/MM/dd HH:mm:ss`, as every time stands in an edXML: local, without a zone. */
export function stamp(moment: Date): string {
  return new Date(moment.getTime() + VIETNAM_MS).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ')
}

/** `yyyy/MM/dd` */
export function day(moment: Date): string {
  return stamp(moment).slice(0, 10)
}
