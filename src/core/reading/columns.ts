import type { reports } from '../tables/index.ts'
import { READ_VERSION, type ReadReport } from './read-item.ts'

type Columns = Pick<
  typeof reports.$inferInsert,
  'title' | 'text' | 'address' | 'folded' | 'foldedHash' | 'lat' | 'lng' | 'readings' | 'readVersion'
>

/** What was read, as a report's row has it. */
export function columnsOf(report: ReadReport): Columns {
  return {
    title: report.title,
    text: report.text,
    address: report.address ?? null,
    folded: report.folded,
    foldedHash: report.foldedHash,
    lat: report.point?.lat ?? null,
    lng: report.point?.lng ?? null,
    readings: report.readings,
    readVersion: READ_VERSION,
  }
}
