import type { SelectRequest } from '../../protocol/select.ts';
import { copyArguments } from '../selection/copyArguments.ts';
import { selectArguments } from './selectArguments.ts';

/** Puts a command on the clipboard that does what the request asks; gives the command. */
export function copySelectCommand(extensionPath: string, request: SelectRequest): Promise<string> {
  return copyArguments(extensionPath, selectArguments(request));
}
