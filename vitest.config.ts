import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    pool: 'forks',
    // The default leaves one core idle, which is half of a machine with two.
    maxWorkers: '100%',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        // Pure code: files can share a process, in which it is loaded and compiled once.
        extends: true,
        test: {
          name: 'together',
          include: ['test/{check,core,invariants,sdk,sim}/**/*.test.ts'],
          isolate: false,
        },
      },
      {
        // Processes of the command line, and hundreds of mutants, which never leave a process.
        extends: true,
        test: { name: 'apart', include: ['test/{cli,docs,scenarios}/**/*.test.ts'] },
      },
    ],
  },
});
