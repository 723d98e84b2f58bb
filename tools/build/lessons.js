'use strict';

// Lessons are shipped as they are: texts, exercises and solutions, for `adma learn` to copy and to run.
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '../../scripts/lessons');
const shipped = ['lesson.md', 'after.md', 'exercise.ts', 'solution.ts'];

for (const entry of fs.readdirSync(root, { withFileTypes: true })) {
  if (!entry.isDirectory()) continue;
  for (const name of shipped) {
    const to = path.join(__dirname, '../../dist/scripts/lessons', entry.name, name);
    fs.copyFileSync(path.join(root, entry.name, name), to);
  }
}
