import { customType, integer, timestamp } from 'drizzle-orm/pg-core'

export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' })

/** An instant of business time; it comes from the clock port, never from the database. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** The head of a row's history chain (`history/record.ts`): how many entries, the MAC of the last, and a MAC over both. */
export const historyHead = {
  historySeq: integer('history_seq').notNull().default(0),
  historyMac: bytea('history_mac'),
  historySeal: bytea('history_seal'),
}
