import { defineConfig } from 'vitest/config'

const onDatabase = 'src/**/*.db.test.ts'

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['src/**/*.test.ts', 'scripts/**/*.test.js'], exclude: [onDatabase] },
      },
      {
        extends: true,
        test: {
          name: 'embedded',
          include: [onDatabase, 'test/embedded/**/*.test.ts'],
          globalSetup: 'test/support/cluster-embedded.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'services',
          include: [onDatabase, 'test/services/**/*.test.ts'],
          globalSetup: 'test/support/cluster-services.ts',
        },
      },
      // By itself (`npm run test:faults`): minutes of killing, on databases and queues of its own.
      { extends: true, test: { name: 'faults', include: ['test/faults/**/*.test.ts'] } },
    ],
  },
})
