#!/usr/bin/env node
'use strict';
// Old versions of Node must be able to read this file, or they print a syntax error of their own.
const version = process.versions.node.split('.').map(Number);
if (version[0] > 20 || (version[0] === 20 && version[1] >= 19)) {
  require('./begin.cjs');
} else {
  console.error('Whitewater needs Node 20.19 or newer; this is ' + process.versions.node + '.');
  process.exitCode = 2;
}
