// Runs before everything else in the page and writes down whatever it lets out: console, uncaught errors, violations of
// its content security policy. Portable, where reading the browser's own console is not.

(() => {
  const recorded = [];
  const text = (value) => {
    if (value instanceof Error) return `${value.name}: ${value.message}\n${value.stack}\n${JSON.stringify(value)}`;
    try {
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
    } catch {
      return String(value);
    }
  };
  window.recorded = recorded;
  for (const level of ['debug', 'log', 'info', 'warn', 'error', 'trace', 'dir', 'table']) {
    const original = console[level].bind(console);
    console[level] = (...values) => {
      recorded.push({ level, text: values.map(text).join(' ') });
      original(...values);
    };
  }
  window.addEventListener('error', ({ message, error }) => recorded.push({ level: 'uncaught', text: `${message} ${text(error)}` }));
  window.addEventListener('unhandledrejection', ({ reason }) => recorded.push({ level: 'unhandled', text: text(reason) }));
  window.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => (
    recorded.push({ level: 'violation', text: `${violatedDirective} ${blockedURI}` })
  ));
})();
