# Completion of gdcli for bash:  eval "$(gdcli completion bash)"
_gdcli() {
    local others candidate
    COMPREPLY=()
    {
        IFS= read -r others
        while IFS= read -r candidate; do
            COMPREPLY+=("$candidate")
        done
    } < <(command gdcli completion bash -- "${COMP_LINE:0:COMP_POINT}" "${COMP_WORDS[COMP_CWORD]}" 2>/dev/null)
    case $others in
        files)
            compopt -o filenames -o default
            if ((${#COMPREPLY[@]})); then
                while IFS= read -r candidate; do
                    COMPREPLY+=("$candidate")
                done < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")
            fi
            ;;
        folders) compopt -o filenames -o dirnames ;;
    esac
}
complete -F _gdcli gdcli
