export default { test: { environment: 'jsdom', include: ['vitest/*.test.js', 'vue/*.test.js', 'docs.tmp/vitest/*.test.js'] } };
