export { KeysHelp } from '@meterwire/react';
