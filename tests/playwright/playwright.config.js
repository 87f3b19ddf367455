import process from 'node:process';
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testMatch: ['*.spec.js', 'docs.tmp/*.spec.js'],
  // One worker, so that "once in a worker" can be counted.
  workers: 1,
  reporter: 'list',
  maxFailures: 3,
  outputDir: 'docs.tmp/results',
  use: {
    baseURL: process.env.APP,
    // No sandbox: containers and CI run as root.
    launchOptions: { executablePath: process.env.CHROME, args: ['--no-sandbox'] },
  },
});
