import type { components } from '../../../../clients/typescript/src/index.ts';

export type Backup = components['schemas']['Backup'];

/** What a dialog about a backup needs. */
export interface BackupDialogProps {
  backup: Backup;
  onClose(): void;
}
