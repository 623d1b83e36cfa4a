/** In which languages and shapes `whitewater init` begins a Raft, and of what. */

export interface Starter {
  readonly language: 'ts' | 'python' | 'go';
  readonly title: string;
  /** Its folder in sdk/, with the starter by shape. */
  readonly folder: string;
  readonly shapes: Readonly<Record<string, string>>;
  /** Files and folders that go beside the starter. */
  readonly kit: readonly string[];
  /** Where the learner begins to write. */
  readonly main: string;
  /** Steps of a workflow that bring the tool chain. */
  readonly toolSteps: readonly string[];
  /** What building and running leaves behind. */
  readonly leftovers: readonly string[];
}

export const STARTERS: readonly Starter[] = [
  {
    language: 'ts',
    title: 'TypeScript',
    folder: 'typescript',
    shapes: { event: 'starter' },
    kit: ['whitewater.ts'],
    main: 'raft.ts',
    toolSteps: [],
    leftovers: ['node_modules/'],
  },
  {
    language: 'python',
    title: 'Python',
    folder: 'python',
    shapes: { event: 'starter' },
    kit: ['whitewater.py'],
    main: 'raft.py',
    toolSteps: ['uses: actions/setup-python@v5', "with: { python-version: '3.12' }"],
    leftovers: ['__pycache__/'],
  },
  {
    language: 'go',
    title: 'Go',
    folder: 'go',
    shapes: { event: 'starter' },
    kit: ['whitewater', 'go.mod'],
    main: 'raft.go',
    toolSteps: ['uses: actions/setup-go@v5', 'with: { go-version: stable }'],
    leftovers: ['/raft'],
  },
  {
    language: 'go',
    title: 'Go',
    folder: 'go/lab',
    shapes: { lab: 'starter' },
    kit: [
      'whitewater',
      'bench',
      'labgob',
      'labrpc',
      'overlay',
      'raftapi',
      'tester1',
      'main.go',
      'go.mod',
    ],
    main: 'raft1/raft.go',
    toolSteps: ['uses: actions/setup-go@v5', "with: { go-version: '1.26' }"],
    leftovers: ['/raft'],
  },
];
