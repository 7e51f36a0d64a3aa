import { version } from '../../package.json' with { type: 'json' }

/** Put in by the build; from the sources it is read from package.json. */
export { version }
