package command

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// shells are the shells that completion is written for, by name.
var shells = map[string]func(*cobra.Command, io.Writer) error{
	"bash":       func(c *cobra.Command, w io.Writer) error { return c.GenBashCompletionV2(w, true) },
	"fish":       func(c *cobra.Command, w io.Writer) error { return c.GenFishCompletion(w, true) },
	"powershell": (*cobra.Command).GenPowerShellCompletionWithDesc,
	"zsh":        (*cobra.Command).GenZshCompletion,
}

func (p Program) completion(env *Env) *cobra.Command {
	return &cobra.Command{
		Use:   "completion bash|fish|powershell|zsh",
		Short: "Write the completion script of a shell",
		Long: fmt.Sprintf(`Write a script that lets a shell complete %[1]s's commands and flags.
Load it where your shell looks for it, for instance (bash needs its package
bash-completion for that):

  bash        source <(%[1]s completion bash)
  fish        %[1]s completion fish | source
  powershell  %[1]s completion powershell | Out-String | Invoke-Expression
  zsh         source <(%[1]s completion zsh)`, p.Name),
		Example:               fmt.Sprintf("  %[1]s completion bash > %[1]s.bash", p.Name),
		Args:                  cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		ValidArgs:             []string{"bash", "fish", "powershell", "zsh"},
		DisableFlagsInUseLine: true,
		RunE: func(c *cobra.Command, args []string) error {
			return shells[args[0]](c.Root(), env.Stdout)
		},
	}
}
