# Completion of gdcli for fish:  gdcli completion fish > ~/.config/fish/completions/gdcli.fish
function __gdcli_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct | string replace -r '^["\']' '' | string unescape)
    set -l lines (command gdcli completion fish -- $words[2..-1] "$word" 2>/dev/null)
    test (count $lines) -gt 1; and printf '%s\n' $lines[2..-1]
    switch "$lines[1]"
        case files
            __fish_complete_path "$word"
        case folders
            __fish_complete_directories "$word"
    end
end
complete -c gdcli -f -a '(__gdcli_complete)'
