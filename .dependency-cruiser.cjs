/**
 * Who may import whom. Each room has one rule that names all it may reach inside the repository; the rest is refused.
 * `src/*.ts` and `src/cli/` put everything together and may reach everything. Tests ship nothing and may reach further
 * than the room they stand in; nothing may reach them.
 */
const TEST = '\\.test\\.ts$'
const WORDS = ['^src/core/fault(-of-answer)?\\.ts$', '^src/core/words\\.ts$']
const CHANNEL = '^src/channels/channel\\.ts$'
const CONNECTOR = '^src/connectors/connector\\.ts$'
const OURS = '^(src|test|bench|scripts|bin)/'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    room('http', '^src/http/(?!contract/)', [
      '^src/http/',
      '^src/core/',
      '^src/platform/',
      '^src/normalize/',
      CHANNEL,
      CONNECTOR,
    ]),
    {
      name: 'contract',
      comment: 'Pages read the contract too: zod and the words, nothing that only a server has.',
      severity: 'error',
      from: { path: '^src/http/contract/', pathNot: TEST },
      to: { pathNot: ['^src/http/contract/', '^src/core/words\\.ts$', '^node_modules/zod/'] },
    },
    room('plug', '^src/(channels|connectors)/([^/]+)/', [
      '^src/$1/$2/',
      '^src/$1/(channel|connector|parts|webhook-settings|report-form)\\.ts$',
      '^src/normalize/',
      '^src/platform/',
      ...WORDS,
    ]),
    room('plugs', '^src/(channels|connectors)/[^/]+\\.ts$', [
      '^src/$1/[^/]+\\.ts$',
      '^src/$1/[^/]+/index\\.ts$',
      '^src/normalize/',
      '^src/platform/',
      ...WORDS,
    ]),
    room('core', '^src/core/', ['^src/core/', '^src/normalize/', '^src/platform/', CHANNEL, CONNECTOR]),
    room('platform', '^src/platform/', ['^src/platform/', ...WORDS]),
    room('normalize', '^src/normalize/', ['^src/normalize/']),
    {
      name: 'normalize-is-pure',
      comment: 'Same text, same fields: no files, no network, no clock, no randomness.',
      severity: 'error',
      from: { path: '^src/normalize/', pathNot: TEST },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'ports-are-types',
      comment: 'What a plug needs of the platform is handed to it in `ctx`.',
      severity: 'error',
      from: { path: '^src/(channels|connectors)/', pathNot: TEST },
      to: { path: '^src/platform/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'plugs-are-types',
      comment: 'The domain knows what a channel and a connector are, never which ones there are.',
      severity: 'error',
      from: { path: '^src/core/', pathNot: TEST },
      to: { path: [CHANNEL, CONNECTOR], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'listed-plugs',
      comment: 'A channel or connector is reached through the explicit list alone.',
      severity: 'error',
      from: { path: ['^src/[^/]+\\.ts$', '^(src/cli|test|bench)/'], pathNot: TEST },
      to: { path: '^src/(channels|connectors)/[^/]+/' },
    },
    {
      name: 'tests-are-leaves',
      comment: 'What ships does not lean on what only tests.',
      severity: 'error',
      from: { path: '^(src|bin|scripts)/', pathNot: '\\.test\\.(ts|js)$' },
      to: { path: ['^(test|bench)/', '\\.test\\.(ts|js)$'] },
    },
    {
      name: 'stand-ins-stand-alone',
      comment: 'What the tests talk to would repeat our mistakes if it shared our code.',
      severity: 'error',
      from: { path: '^test/support/(office|exchange|mail|graph|twilio|zalo)(/|\\.)' },
      to: { path: '^src/' },
    },
    {
      name: 'no-circle',
      severity: 'error',
      from: { path: OURS },
      to: { circular: true },
    },
    {
      name: 'no-dead-import',
      comment: 'An import that cannot be followed is an arrow that nobody checks.',
      severity: 'error',
      from: { path: OURS },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: '^node_modules' },
    exclude: { path: '^dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}

/**
 * @param {string} name
 * @param {string} from
 * @param {string[]} reach
 * @returns {import('dependency-cruiser').IForbiddenRuleType}
 */
function room(name, from, reach) {
  return { name, severity: 'error', from: { path: from, pathNot: TEST }, to: { path: OURS, pathNot: reach } }
}
