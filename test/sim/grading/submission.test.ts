import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assertAllowed } from '../../../sim/grading/allowed-packages.ts';
import { loadSubmission } from '../../../sim/grading/submission.ts';
import { submissionHash, submittedFiles } from '../../../sim/grading/submission-hash.ts';
import { toolVersions } from '../../../sim/grading/tool-versions.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ww-submission-'));
  file('whitewater.yaml', 'version: 1\nrun: [node, raft.js]\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

describe('what is handed in', () => {
  test('is what lies in the folder: no link, and nothing above it', () => {
    const manifest = (files: string): void =>
      file('whitewater.yaml', `version: 1\nrun: [node, raft.js]\nfiles: [${files}]\n`);
    manifest('"**/*.js"');
    file('raft.js', 'a');
    file('parts/log.js', 'b');
    symlinkSync('/etc/passwd', join(folder, 'mine.txt'));
    symlinkSync('/etc', join(folder, 'etc'));
    expect(submittedFiles(loadSubmission(folder))).toEqual(['parts/log.js', 'raft.js']);
    for (const pattern of ['../**', '*.txt', 'etc/*', 'raft.pyy']) {
      manifest(`raft.js, ${JSON.stringify(pattern)}`);
      expect(() => submittedFiles(loadSubmission(folder))).toThrow(
        `The pattern "${pattern}" of files in whitewater.yaml matches no file of the submission.`,
      );
    }
  });

  test('is refused when it is no text that could be read', () => {
    file('raft.js', '');
    truncateSync(join(folder, 'raft.js'), 5_000_000_000);
    expect(() => submissionHash(loadSubmission(folder))).toThrow(/larger than 200 MB/);
    file('whitewater.yaml', `version: 1\n# ${'x'.repeat(200_000)}\n`);
    expect(() => loadSubmission(folder)).toThrow(/larger than 100 kB/);
    rmSync(join(folder, 'whitewater.yaml'));
    mkdirSync(join(folder, 'whitewater.yaml'));
    expect(() => loadSubmission(folder)).toThrow(/cannot be read/);
  });

  test('names the tool chain that it is built and run with', () => {
    file('whitewater.yaml', 'version: 1\nbuild: [./make-it]\nrun: [node, raft.js]\n');
    expect(toolVersions(loadSubmission(folder))).toEqual({ node: process.versions.node });
  });
});

describe('what a teacher denies', () => {
  const denied: readonly [name: string, text: string, packages: readonly string[] | '*'][] = [
    ['go.mod', 'module raft\n\nrequire (\n\tgithub.com/hashicorp/raft v1.7.1\n)\n', '*'],
    ['go.mod', 'module raft\nrequire go.etcd.io/raft/v3 v3.6.0\n', ['go.etcd.io/raft']],
    ['Cargo.toml', '[package]\nname = "a"\n[dependencies]\nopenraft = "0.9"\n', ['openraft']],
    ['package.json', '{"dependencies":{"liferaft":"1"}}', ['liferaft']],
    ['requirements.txt', 'pysyncobj==0.3.12\n', '*'],
  ];
  const harmless: Readonly<Record<string, string>> = {
    'go.mod': 'module raft\n\ngo 1.26\n',
    'Cargo.toml': '[package]\nname = "a"\n',
    'package.json': '{"private":true}',
    'requirements.txt': '# none\n',
  };
  test.each(denied)('is found in %s', (name, text, packages) => {
    const deny = { imports: [], dependencies: packages === '*' ? packages : [...packages] };
    file(name, text);
    expect(() => assertAllowed(loadSubmission(folder), deny)).toThrow(/is not allowed here/);
    file(name, harmless[name]!);
    expect(() => assertAllowed(loadSubmission(folder), deny)).not.toThrow();
  });

  test('is found among imports', () => {
    const deny = { imports: ['socket', 'net/http'], dependencies: [] };
    file('a.py', 'import sockets\nimport os\n');
    file('a.go', 'package a\nimport (\n\t"net"\n)\n');
    expect(() => assertAllowed(loadSubmission(folder), deny)).not.toThrow();
    file('a.py', 'if 1:\n    from socket import socket\n');
    expect(() => assertAllowed(loadSubmission(folder), deny)).toThrow('"socket" is not allowed');
    file('a.py', '');
    file('a.go', 'package a\nimport (\n\tweb "net/http/httptest"\n)\n');
    expect(() => assertAllowed(loadSubmission(folder), deny)).toThrow('"net/http/httptest"');
  });
});
