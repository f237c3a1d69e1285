# What zsh reads at its start in our terminal: the user's own rc file first, then our prompt, marks and completion.
# The marks are those of bashrc; zsh hands the exact line to preexec.

if [[ -n $KHW_ZDOTDIR ]]; then ZDOTDIR=$KHW_ZDOTDIR; else unset ZDOTDIR; fi
typeset -g __khw_nonce=$KHW_NONCE __khw_label=$KHW_LABEL __khw_path=$KHW_PATH __khw_count=0
unset KHW_ZDOTDIR KHW_NONCE KHW_LABEL KHW_PATH __khw_dir
[[ $HISTFILE == */shell/zsh/* ]] && HISTFILE=${ZDOTDIR:-$HOME}/.zsh_history
[[ -r ${ZDOTDIR:-$HOME}/.zshrc ]] && source ${ZDOTDIR:-$HOME}/.zshrc
[[ -z $__khw_path ]] || path=($__khw_path $path)
zmodload zsh/datetime

__khw_prompt() {
  local code=$?
  printf '\e]133;D;%s;aid=%s;t=%s\a' $code $__khw_nonce $EPOCHREALTIME
  (( __khw_count += 1 ))
  PROMPT=$'%{\e]133;A;aid='$__khw_nonce';k='$__khw_count$'\a\e[0m%}'$__khw_label'%F{blue}%(!.#.$)%f '
  PROMPT+=$'%{\e[1;97m\e]133;B;aid='$__khw_nonce$'\a%}'
  RPROMPT=
}
__khw_start() {
  local line=${1//\\/\\\\}
  line=${line//;/\\x3b}
  line=${line//$'\n'/\\x0a}
  printf '\e]633;E;%s;%s\a' "${line//[[:cntrl:]]/ }" $__khw_nonce
  printf '\e]133;C;aid=%s;t=%s\a\e[0m' $__khw_nonce $EPOCHREALTIME
}
autoload -Uz add-zsh-hook
add-zsh-hook precmd __khw_prompt
add-zsh-hook preexec __khw_start

# kubectl's own completion is loaded at the first Tab, so that a terminal opens at once.
if (( $+commands[kubectl] )); then
  (( $+aliases[k] || $+commands[k] || $+functions[k] )) || alias k=kubectl
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
  if (( ! $+_comps[kubectl] )); then
    __khw_complete() {
      source <(kubectl completion zsh 2>/dev/null)
      (( $+functions[_kubectl] )) && compdef _kubectl kubectl k && _kubectl "$@"
    }
    compdef __khw_complete kubectl k
  fi
fi
