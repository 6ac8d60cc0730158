import { isOutage } from '../../platform/database/database.ts'
import { defaultPartitions, migrations, nextPartitions, serverVersion, skew } from './database.ts'
import { brokenFiles, diskSpace, orphans } from './files.ts'
import { error, type Finding, type Patient } from './finding.ts'
import { anchors, anchorsWritten, chains, secretKey } from './history.ts'
import {
  calendars,
  deadTasks,
  deliveriesStuck,
  overdueTasks,
  pausedLinks,
  sentLong,
  sourcesFailing,
  sourcesOff,
  sourcesSilent,
} from './work.ts'

type Look = (patient: Patient) => Promise<readonly Finding[]>

/** What is looked at, and its name where looking itself fails. */
const LOOKS: Readonly<Record<string, Look>> = {
  'server version': serverVersion,
  migrations,
  partitions: nextPartitions,
  'default partitions': defaultPartitions,
  clock: skew,
  'secret key': secretKey,
  history: chains,
  anchors,
  'writing of anchors': anchorsWritten,
  files: brokenFiles,
  orphans,
  'disk space': diskSpace,
  'dead tasks': deadTasks,
  'overdue tasks': overdueTasks,
  deliveries: deliveriesStuck,
  links: pausedLinks,
  sources: sourcesOff,
  listeners: sourcesSilent,
  'failing sources': sourcesFailing,
  exchanges: sentLong,
  calendars,
}

/** Looks at everything and changes nothing. What cannot be looked at is a finding too and hides nothing else. */
export async function examine(patient: Patient): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const [name, look] of Object.entries(LOOKS)) {
    try {
      findings.push(...(await look(patient)))
    } catch (cause) {
      if (isOutage(cause)) return [...findings, unreachable(cause)]
      findings.push(
        error(
          `Looking at ${name} failed: ${messageOf(cause)}`,
          'Mend what the other findings name first; if it stays, report it.',
        ),
      )
    }
  }
  return findings
}

export function unreachable(cause: unknown): Finding {
  return error(
    `The database cannot be reached: ${messageOf(cause)}`,
    'See that PostgreSQL runs and takes connections, and that DATABASE_URL is right.',
  )
}

/** drizzle says which statement failed and hides why in the cause. */
function messageOf(thrown: unknown): string {
  let innermost = thrown
  while (innermost instanceof Error && innermost.cause !== undefined) innermost = innermost.cause
  return innermost instanceof Error ? innermost.message : String(innermost)
}
