// The files of this folder, and those of docs/testing.md with the settings that the page shows.
export default {
  projects: [
    { displayName: 'jest', testEnvironment: 'jsdom', transform: {}, testMatch: ['<rootDir>/jest/*.test.js'] },
    '<rootDir>/docs.tmp/jest',
  ],
};
