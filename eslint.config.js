'use strict';

const js = require('@eslint/js');
const { defineConfig } = require('eslint/config');
const tseslint = require('typescript-eslint');

/** Everything below `scripts` runs in a browser and is deterministic to the bit (design.md, rules 2 and 3). */
const belowScripts = ['index.ts', '{emulator,dmaengine,async_tx,raid5,conformance}/**/*.ts'];

const passIn = 'files, terminals and clocks are passed in (rule 2)';
const choicePoint = 'time and chance come from the simulation: use sim/ (rule 3)';

const restricted = (message, ...names) => names.map((name) => ({ name, message }));

const nodeGlobals = {
  process: 'readonly',
  console: 'readonly',
  Buffer: 'readonly',
  URL: 'readonly',
  __dirname: 'readonly',
};

module.exports = defineConfig(
  { ignores: ['dist/', 'coverage/', 'docs/api/', 'node_modules/'] },
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },

  {
    files: ['**/*.{js,cjs,mjs}'],
    extends: [js.configs.recommended],
    languageOptions: { globals: nodeGlobals },
    rules: { 'no-unused-vars': ['error', { argsIgnorePattern: '^_' }] },
  },
  { files: ['**/*.{js,cjs}'], languageOptions: { sourceType: 'commonjs' } },

  {
    files: ['**/*.ts'],
    extends: [js.configs.recommended, tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: __dirname } },
    rules: {
      eqeqeq: 'error',
      'prefer-const': 'error',
      // A simulated thread is a generator even where it never blocks.
      'require-yield': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Registers carry plain numbers that are compared with named ones.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
    },
  },

  {
    files: belowScripts,
    rules: {
      'no-console': 'error',
      'no-restricted-globals': [
        'error',
        {
          checkGlobalObject: true,
          globals: [
            ...restricted(passIn, 'process', 'Buffer', 'require', 'module', '__dirname', '__filename', 'global'),
            ...restricted(choicePoint, 'Date', 'performance', 'crypto', 'WeakRef'),
            ...restricted(choicePoint, 'setTimeout', 'setInterval', 'setImmediate'),
          ],
        },
      ],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random', message: choicePoint }],
    },
  },

  {
    // A command requires what it runs when it runs: the program starts without it.
    files: ['scripts/commands/table.ts', 'scripts/commands/specs/*.ts', 'scripts/lessons/graders.ts'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },

  {
    files: ['tests/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
