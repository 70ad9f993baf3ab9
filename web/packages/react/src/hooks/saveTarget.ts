import type { FileSink } from '@meterwire/client';

/** The part of the File System Access API that is used. Not every browser has it, and none without TLS but at home. */
interface Picker {
  showSaveFilePicker?: (options: { suggestedName: string }) => Promise<FileSystemFileHandle>;
}

/** Whether a file can be written to the disk while it comes. */
export function canWriteFiles(): boolean {
  return typeof (globalThis as Picker).showSaveFilePicker === 'function';
}

/**
 * Asks where the file goes. Null where the browser cannot write files: then it has to be gathered first. Nothing at all
 * where whoever was asked changed their mind. Only within a click, before anything is waited for.
 */
export async function saveTarget(suggestedName: string): Promise<FileSink | null | undefined> {
  const { showSaveFilePicker } = globalThis as Picker;
  if (!showSaveFilePicker) return null;
  let file: FileSystemFileHandle;
  try {
    file = await showSaveFilePicker({ suggestedName });
  } catch (thrown) {
    // In a frame of another site the browser does not even ask.
    return thrown instanceof DOMException && thrown.name === 'AbortError' ? undefined : null;
  }
  const stream = await file.createWritable();
  return {
    write: (piece) => stream.write(piece as Uint8Array<ArrayBuffer>),
    // Only now what was there before gives way to it.
    close: () => stream.close(),
    abort: () => stream.abort(),
  };
}
