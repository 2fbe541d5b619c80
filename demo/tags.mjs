/** The contents of the demo's registry: four repositories with typical tags of continuous integration. */
export const tagsByRepository = {
  'shop/web': [
    'latest',
    'v1.2.3',
    'v1.2.4',
    'v1.2.5-rc.1',
    'v1.3.0',
    'v1.3.1',
    'v1.4.0-rc.1',
    'v2.0.0',
    'sha-4f1c2d9',
    'sha-b03ae77',
  ],
  'shop/report': ['latest', ...Array.from({ length: 128 }, (_, index) => `build-${index + 1}`)],
  'shop/feed': [
    ...['2026-10-28', '2026-10-29', '2026-10-30', '2026-11-02', '2026-11-19'].map(
      date => `main-${date}`,
    ),
    ...['2026-11-20', '2026-11-21'].map(date => `feature-search-${date}`),
  ],
  'edge/proxy': [
    '1.28.0',
    '1.28.4',
    '1.29.0',
    '1.29.1',
    '1.29.2',
    '1.30.0',
    '1.29.2-alpine',
    'stable',
  ],
}
