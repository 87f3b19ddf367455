'use client';

// A client component is rendered on the server first: there the package is imported and must do nothing.

import { useEffect } from 'react';
import { start } from '../src/page.js';

export default function Page() {
  useEffect(() => { void start(); }, []);
  return <h1>Rendered on the server</h1>;
}
