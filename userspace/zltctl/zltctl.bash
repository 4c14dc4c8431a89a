# SPDX-License-Identifier: GPL-2.0-only
# bash completion for zltctl: commands, options, and the cases of the loaded module.
_zltctl() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} words
  case $previous in
    run | list) words=$(zltctl list 2>/dev/null | awk 'NR > 1 { print $1 }' | sort -u) ;;
    load) words=installed ;;
    watch) words='on off' ;;
    --form) words='bounded faithful' ;;
    *) words='list run status result histogram stop watch load unload guest --json --debugfs --form --timeout --no-wait --help' ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  if [[ $previous == load ]]; then
    mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -X '!*.ko' -- "$word")
  fi
}
complete -o default -F _zltctl zltctl
