// Who may import whom. A folder is pure when it imports no Node builtin and no package.

const runtime = { dependencyTypesNot: ['type-only'] };
const packages = ['npm', 'npm-dev', 'npm-peer', 'npm-optional', 'npm-bundled', 'npm-no-pkg'];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle makes two ideas one. Types count too.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      comment: 'The imported file or package does not exist. What bin/ begins is built first.',
      severity: 'error',
      from: { pathNot: '^bin/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'core-imports-core',
      severity: 'error',
      from: { path: '^core/' },
      to: { pathNot: '^core/' },
    },
    {
      name: 'invariants-import-invariants-and-core-types',
      comment: 'A property judges what any implementation did: it must not run the code it judges.',
      severity: 'error',
      from: { path: '^invariants/' },
      to: { pathNot: '^(invariants|core)/' },
    },
    {
      name: 'invariants-run-no-core',
      severity: 'error',
      from: { path: '^invariants/' },
      to: { path: '^core/', ...runtime },
    },
    {
      name: 'sim-runs-no-core',
      comment: 'The world hosts any implementation of the contract: it knows the types alone.',
      severity: 'error',
      from: { path: '^sim/' },
      to: { path: '^core/', ...runtime },
    },
    {
      name: 'sim-imports-sim-invariants-and-core-types',
      severity: 'error',
      from: { path: '^sim/' },
      to: { path: '^(scenarios|cli|test|bench)/' },
    },
    {
      name: 'kernel-is-pure',
      comment: 'The deterministic world: no Node builtin, and no package but the seeded generator.',
      severity: 'error',
      from: { path: '^sim/kernel/' },
      to: {
        dependencyTypes: ['core', 'unknown', ...packages],
        pathNot: '^node_modules/(@types/)?seedrandom/',
      },
    },
    {
      name: 'kernel-runs-no-outer-sim',
      comment:
        'What surrounds the kernel may read files and clocks; the kernel takes its types alone.',
      severity: 'error',
      from: { path: '^sim/kernel/' },
      to: { path: '^sim/', pathNot: '^sim/kernel/', ...runtime },
    },
    {
      name: 'kit-needs-nothing',
      comment: 'It works when its file is copied into a repository of its own.',
      severity: 'error',
      from: { path: '^sdk/typescript/(whitewater|raft|starter/)' },
      to: { pathNot: '^sdk/typescript/whitewater' },
    },
    {
      name: 'scenarios-import-no-cli',
      severity: 'error',
      from: { path: '^scenarios/' },
      to: { path: '^(cli|test|bench)/' },
    },
    {
      name: 'cli-imports-no-tests',
      severity: 'error',
      from: { path: '^cli/' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'colours-and-arguments-in-cli-only',
      comment: 'The cli is the only place that prints.',
      severity: 'error',
      from: { path: '^(core|invariants|sim|scenarios)/' },
      to: { path: '^node_modules/(@types/)?(chalk|yargs|cli-table3)/' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: '^(dist|\\.whitewater)/' },
  },
};
