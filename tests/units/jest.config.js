export default { testEnvironment: 'jsdom', transform: {}, testMatch: ['<rootDir>/jest/*.test.js'] };
