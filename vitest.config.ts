import { defineConfig } from 'vitest/config'

const onDatabase = 'src/**/*.db.test.ts'
/** Start databases and kill them: as long as all the others, and nothing of theirs. */
const startsDatabases = 'src/platform/database/embedded/{launch,leftover,run-as,running,server}.test.ts'
/** Change what the whole process shares (its time zone): each file in one of its own. */
const changesProcess = 'src/core/deadlines/{working-days,span}.test.ts'
/** The hard cases, tried on every channel. */
const contract = 'test/contract/**/*.test.ts'
/** Each rule of a province taken out in turn: a minute, so by itself and once (`npm run test:rules`). */
const takesRulesOut = 'test/regulations/*.rules.test.ts'

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    // Files of one worker share what they import: loading the product anew for each took half of all the time. None may change a module's state.
    isolate: false,
    // Longer than what a test waits for (`until`, a minute), so that it can say what did not come.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    teardownTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts'],
          exclude: [onDatabase, startsDatabases, changesProcess],
        },
      },
      // Of what checks the product and stands in for others: on the oldest Node alone.
      {
        extends: true,
        test: {
          name: 'tools',
          include: ['scripts/**/*.test.js', 'test/support/**/*.test.ts', 'test/eval/**/*.test.ts'],
        },
      },
      { extends: true, test: { name: 'alone', include: [changesProcess], isolate: true } },
      {
        extends: true,
        test: {
          name: 'embedded',
          include: [
            onDatabase,
            startsDatabases,
            contract,
            'test/embedded/**/*.test.ts',
            'test/regulations/**/*.test.ts',
          ],
          exclude: [takesRulesOut],
          globalSetup: 'test/support/cluster-embedded.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'services',
          include: [onDatabase, contract, 'test/services/**/*.test.ts'],
          globalSetup: 'test/support/cluster-services.ts',
        },
      },
      // By itself (`npm run test:faults`): minutes of killing, on databases and queues of its own. Each test gives up what stands still; this
      // long only one that hangs goes on.
      { extends: true, test: { name: 'faults', include: ['test/faults/**/*.test.ts'], testTimeout: 1_200_000 } },
      {
        extends: true,
        test: { name: 'rules', include: [takesRulesOut], globalSetup: 'test/support/cluster-embedded.ts' },
      },
      // The same for mailbox, exchange and letters (`npm run test:mail`).
      { extends: true, test: { name: 'mail', include: ['test/mail/**/*.test.ts'] } },
    ],
  },
})
