// `vite preview` serves the build, rendered on the server, without an adapter.
export default { kit: {} };
