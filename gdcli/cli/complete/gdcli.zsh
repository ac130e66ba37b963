#compdef gdcli
# Completion of gdcli for zsh:  eval "$(gdcli completion zsh)"
_gdcli() {
    local others candidate
    local -a values shown
    {
        IFS= read -r others
        while IFS= read -r candidate; do
            values+=("${candidate%%$'\t'*}")
            shown+=("${candidate/$'\t'/  -- }")
        done
    } < <(command gdcli completion zsh -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)
    (( $#values )) && compadd -l -d shown -a values
    [[ $PREFIX == --*=* ]] && compset -P 1 '*='
    case $others in
        files) _files ;;
        folders) _files -/ ;;
    esac
}
if [[ ${zsh_eval_context[-1]} == loadautofunc ]]; then
    _gdcli "$@"
else
    compdef _gdcli gdcli
fi
