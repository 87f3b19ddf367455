/** The conditions under which a page is measured. */
export const profiles = {
  lat0: { title: '0 ms', latency: 0 },
  lat50: { title: '50 ms', latency: 50 },
  lat150: { title: '150 ms', latency: 150 },
  cpu4: { title: '0 ms, CPU slowed down 4 times', latency: 0, cpu: 4 },
  slow4g: {
    title: 'slow 4G (1.6 Mbit/s, 150 ms), CPU slowed down 4 times', latency: 0, cpu: 4,
    network: { download: 1_600_000 / 8, upload: 750_000 / 8, latency: 150 },
  },
};
