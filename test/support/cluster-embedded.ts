import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../../src/platform/database/embedded/launch.ts'
import { isRefused } from '../../src/platform/database/embedded/refused.ts'
import { makeTemplate } from './database.ts'

/** The PostgreSQL that the product brings, for all test files of the run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'paht-cluster-'))
  const embedded = await startEmbedded({ dataDir, log: () => undefined })
  if (isRefused(embedded)) throw new Error(embedded.refused)
  const stop = async () => {
    await embedded.stop()
    await rm(dataDir, { recursive: true })
  }
  try {
    await makeTemplate(embedded.connection)
    // Of this project alone: the other one may run beside it.
    project.config.env = { ...project.config.env, PAHT_TEST_CLUSTER: JSON.stringify(embedded.connection) }
    return stop
  } catch (error) {
    await stop()
    throw error
  }
}
