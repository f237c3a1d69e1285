# zsh comes here because ZDOTDIR says so. Each of the user's own files is read with the user's own ZDOTDIR.

__khw_dir=$ZDOTDIR
if [[ -n $KHW_ZDOTDIR ]]; then ZDOTDIR=$KHW_ZDOTDIR; else unset ZDOTDIR; fi
[[ -r ${ZDOTDIR:-$HOME}/.zshenv ]] && source ${ZDOTDIR:-$HOME}/.zshenv
KHW_ZDOTDIR=${ZDOTDIR:-}
ZDOTDIR=$__khw_dir
# Ubuntu's global zshrc would leave a completion dump in this folder; ours does it later, in the user's.
skip_global_compinit=1
