/** `adma completion` as the command line knows it. */
import type { CommandSection, CommandSpec } from '../../program/spec';
import type * as Completion from '../completion';

/** @param commands all of them, this one too */
export function completionOf(commands: readonly CommandSection[]): CommandSpec {
  return {
    arguments: [{ name: '<shell>', says: 'bash, zsh or fish', values: ['bash', 'zsh', 'fish'] }],
    options: [],
    notes: `To have it in every shell from now on:
  bash    echo 'source <(adma completion bash)' >> ~/.bashrc
  zsh     echo 'source <(adma completion zsh)' >> ~/.zshrc      # below compinit
  fish    adma completion fish > ~/.config/fish/completions/adma.fish`,
    examples: ['adma completion bash'],
    run: ([shell]) => (require('../completion') as typeof Completion).completion(shell!, commands),
  };
}
