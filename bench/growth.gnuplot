# growth.gnuplot FILE FOLDER: draws what `make bench-growth` has printed into FILE, an SVG for each series.
file   = ARG1
folder = ARG2

set terminal svg size 900,340 dynamic background "white" font "sans-serif,13"
set logscale x
set format x "%.0s%c"
set grid ytics linecolor "#dddddd"
set border 3
set tics nomirror
set offsets graph 0, graph 0, graph 0.1, graph 0
set style line 1 linecolor "#1f5fa8" linewidth 2 pointtype 7 pointsize 0.7
set style line 2 linecolor "#c2571a" linewidth 2 pointtype 5 pointsize 0.7

of(series, lua) = sprintf("< grep '^%s %s ' '%s'", series, lua, file)

name = "items connections pending clients"
what = "'items of a walk' 'connections that a client keeps' 'requests under way' 'clients with one key'"
time = "'microseconds for one item' 'microseconds for one request' 'microseconds for one request' \
        'microseconds for one request'"
memory = "'KiB that the walk holds at its end' 'KiB for one connection' 'KiB for one request' 'KiB for one client'"

do for [i = 1:4] {
    series = word(name, i)
    set output sprintf("%s/growth-%s.svg", folder, series)
    set multiplot layout 1,2
    set xlabel word(what, i)
    set yrange [0:*]
    set title word(time, i)
    set key bottom right
    plot of(series, "lua5.4") using 3:4 with linespoints linestyle 1 title "Lua 5.4", \
         of(series, "luajit") using 3:4 with linespoints linestyle 2 title "LuaJIT"
    set title word(memory, i)
    if (series eq "items") { set key top left }
    if (series eq "connections" || series eq "pending") { set key top right }
    plot of(series, "lua5.4") using 3:($5 / 1024) with linespoints linestyle 1 title "Lua 5.4", \
         of(series, "luajit") using 3:($5 / 1024) with linespoints linestyle 2 title "LuaJIT"
    unset multiplot
    unset output
}
