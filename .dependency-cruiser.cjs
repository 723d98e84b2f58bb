'use strict';

// The stair of design.md, rule 1: a room imports itself and the rooms below it.
const stair = ['emulator', 'dmaengine', 'async_tx', 'raid5', 'conformance', 'scripts'];

const belowScripts = '^(index\\.ts$|(emulator|dmaengine|async_tx|raid5|conformance)/)';

const outside = [
  ...['core', 'npm', 'npm-dev', 'npm-peer', 'npm-optional', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'],
  ...['unknown', 'undetermined'],
];

const onlyDown = stair.slice(0, -1).map((room, level) => ({
  name: `stair-${room}`,
  comment: `${room} imports only itself${level > 0 ? ' and what lies below it' : ''} (rule 1).`,
  severity: 'error',
  from: { path: `^${room}/` },
  to: { path: `^(index\\.ts$|(${stair.slice(level + 1).join('|')})/)` },
}));

module.exports = {
  forbidden: [
    ...onlyDown,
    {
      name: 'hardware-knows-no-kernel',
      comment: 'Inside emulator, silicon never imports the kernel slice (rule 1); emulator/index.ts may re-export it.',
      severity: 'error',
      from: { path: '^emulator/', pathNot: '^emulator/(kernel/|index\\.ts$)' },
      to: { path: '^emulator/kernel/' },
    },
    {
      name: 'browser-below-scripts',
      comment: 'Below scripts there are no node: builtins and no packages, nor their types (rule 2).',
      severity: 'error',
      from: { path: belowScripts },
      to: { dependencyTypes: outside },
    },
    {
      name: 'nothing-imports-scripts',
      comment: 'scripts is the top of the stair; only tests look into it.',
      severity: 'error',
      from: { pathNot: '^(scripts|tests)/' },
      to: { path: '^scripts/' },
    },
    {
      name: 'nothing-imports-tests',
      comment: 'tests may import anything; the way back is closed.',
      severity: 'error',
      from: { pathNot: '^tests/' },
      to: { path: '^tests/' },
    },
    {
      name: 'no-dev-packages-in-scripts',
      comment: 'What ships imports only what package.json lists under dependencies.',
      severity: 'error',
      from: { path: '^scripts/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'npm-optional'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-circular',
      comment: 'Cycles of types alone are allowed: they vanish when compiled. The stair holds for types as well.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],

  options: {
    doNotFollow: { path: 'node_modules' },
    // Tool files at the root and in tools/ are no part of the stair.
    exclude: { path: '^(dist|coverage|tools|types)/|^[^/]+[.]c?js$' },
    // 'specify' keeps type-only imports in the graph and marks them, so each rule can decide.
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
